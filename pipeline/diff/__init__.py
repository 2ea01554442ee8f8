"""What changed between two editions, as-of dates or vintages, and what that did to the headlines.

Every figure of every economy is compared, in the warehouse that holds both sides. The answer is
for information: it judges nothing and fails nothing.
"""
