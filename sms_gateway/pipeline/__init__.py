"""The pipeline: from an arriving text to its answer and the answer's receipt."""
