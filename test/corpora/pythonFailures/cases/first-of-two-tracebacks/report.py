def write_report(summary):
    print(f"score: {summary['score']:.3f}")
