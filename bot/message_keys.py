"""The keys of what the bot says: see `bot.messages`."""

from typing import Literal

Key = Literal[
    "no_question", "no_evidence", "foreign",
    # to talk
    "greeting", "thanks", "goodbye", "praise", "fine", "sorry", "about", "about_asking",
    "articles", "articles_count", "articles_one", "articles_newest", "articles_such_as", "articles_some", "articles_all",
    # around an answer
    "understood", "says_in_fr", "says_in_en", "translated",
    "note_checks", "note_timeout", "note_unavailable", "note_budget", "note_part", "cut", "more", "more_command", "in_fr", "in_en", "old", "sources",
    "no_sources", "generation", "welcome", "calibrated", "help", "unknown_command", "language_set", "language_auto", "language_usage", "new", "rebuilding",
    "why_none", "why_confidence", "why_answered", "why_abstained", "why_hit", "why_cache", "no_more", "bye",
    # of Discord
    "title", "nearest", "humans", "index_of", "sources_button", "all_button", "answer_gone",
    "busy", "too_soon", "daily_cap", "too_long", "unreachable", "failed", "not_here", "not_you", "cannot_read",
    "vote_up", "vote_down", "vote_gone", "forgotten", "nothing_kept",
    "rules", "channel_rules", "everywhere", "everyone", "auto", "fr", "en", "yes", "no", "no_permission", "no_collection",
    "no_message_content", "source_many", "source_unreadable", "source_hidden", "source_not_told", "unchanged", "left_out",
    "told_pins", "told_posts", "told_messages", "read_pins", "read_posts", "read_messages", "unasked_note", "unasked_helped", "unasked_not", "unasked_reader",
    "rebuild_progress", "rebuild_done", "rebuild_failed", "rebuild_killed", "ready",
    "teach_no_question", "teach_no_answer", "teach_too_long", "teach_gone", "not_teacher",
    "teach_button", "correct_button", "lesson_title", "lesson_question", "lesson_answer", "lesson_answer_hint", "lesson_kept", "lesson_withdrawn",
    "lesson_rival", "lesson_decide", "lesson_replace", "lesson_keep", "lesson_drop",
    "taught_choose", "taught_edit", "taught_withdraw", "taught_restore", "taught_none", "taught_title", "taught_by", "gaps_choose", "gaps_none", "gaps_title",
    "digest_title", "digest_more", "digest_hint", "digest_unwritable", "digest_no_journal",
    "learn_what", "learn_busy", "learn_full", "learn_too_large", "learn_reading", "learn_indexing", "learn_counts", "learn_done", "learn_not_indexed", "learn_more",
    "unlearn_unknown", "unlearn_none", "unlearn_title", "unlearn_done",
    # of `babillard init`
    "init_welcome", "init_folder", "init_folder_holds", "init_folder_missing", "init_folder_empty", "init_folder_unread", "init_folder_file",
    "init_folder_closed", "init_folder_unwritable", "init_examples", "init_examples_refused", "init_examples_put", "init_discord", "init_token_where",
    "init_token", "init_token_again", "init_token_prefix", "init_token_parts", "init_token_id", "init_token_ask", "init_token_known",
    "init_token_refused", "init_token_keep", "init_token_later", "init_token_stays", "init_yes_default", "init_no_default", "init_yes_or_no",
    "init_abandoned", "init_interrupted", "init_no_terminal", "init_written", "init_backup", "init_unchanged", "init_unreadable", "init_unwritable",
    "init_overruled", "init_checking", "init_checked", "init_to_mend", "init_stopped", "init_building", "init_built", "init_fresh", "init_skipped", "init_not_built", "init_ask_how",
    "init_ask_about", "init_questions", "init_questions_fewer", "init_next", "init_next_repl", "init_next_discord", "init_next_mend",
]  # fmt: skip
