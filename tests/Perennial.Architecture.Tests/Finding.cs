namespace Perennial.Architecture.Tests;

/// <summary>One place that breaks a rule.</summary>
internal sealed record Finding(string File, int Line, string Figure, string Remedy)
{
    public override string ToString() => $"{File}:{Line}: {Figure}; {Remedy}";

    public static void AssertNone(IEnumerable<Finding> findings)
    {
        var lines = findings.Select(finding => finding.ToString()).Order(StringComparer.Ordinal).ToArray();
        Assert.True(lines.Length == 0, $"{lines.Length} found{Environment.NewLine}{string.Join(Environment.NewLine, lines)}");
    }
}
