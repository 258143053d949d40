namespace Perennial.Authority.Authorities;

/// <summary>The names that an authority of a manufacturer may issue for (RFC 5280 §4.2.1.10).</summary>
public sealed record NameScope
{
    /// <summary>Subjects below one of these encoded names.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> PermittedSubjects { get; init; } = [];

    /// <summary>DNS names below one of these, without a leading dot.</summary>
    public IReadOnlyList<string> PermittedDnsNames { get; init; } = [];

    /// <summary>No subject below one of these encoded names.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> ExcludedSubjects { get; init; } = [];

    /// <summary>No DNS names below one of these.</summary>
    public IReadOnlyList<string> ExcludedDnsNames { get; init; } = [];
}
