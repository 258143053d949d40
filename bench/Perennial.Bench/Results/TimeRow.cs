namespace Perennial.Bench.Results;

/// <summary>Milliseconds at the client from connect to the final answer, one device after the other.</summary>
internal sealed record TimeRow(string Certificate, string Exchange, Figures Milliseconds);
