namespace Perennial.Bench.Results;

/// <summary>Server CPU of one kind of exchange: microseconds each, and as a ratio to the bare handshake with the same certificate in the same round.</summary>
internal sealed record CpuRow(string Certificate, string Exchange, Figures Microseconds, Figures Ratio);
