"""The catalogue as files: what an export writes, an import reads back without a change."""
