"""The report: the sentence first, then the chart, for screen, paper and ear alike."""
