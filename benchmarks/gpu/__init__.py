"""Speed and memory on a GPU: training and reading at the shape of a 3B model, and the 135M base from 10,000 documents to its evaluation."""
