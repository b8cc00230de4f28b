"""An assessment as the files that a hall signs and sends: xlsx with formulas, PDF 考核报告/通报."""
