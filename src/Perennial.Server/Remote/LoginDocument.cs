namespace Perennial.Server.Remote;

/// <summary>A server that an operator logged in to, as kept on the operator's machine. Holds secrets.</summary>
internal sealed record LoginDocument
{
    /// <summary>The address of its HTTPS port.</summary>
    public required Uri Server { get; init; }

    public required string ConnectionString { get; init; }

    public IReadOnlyList<string> HubConnectionStrings { get; init; } = [];

    /// <summary>The roots as PEM; null for those of the operating system.</summary>
    public string? TrustBundle { get; init; }
}
