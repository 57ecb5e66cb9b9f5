"""Keep an index in a Milvus, or in a file of Milvus Lite: nothing here is imported without VECTOR_STORE."""
