namespace Perennial.Server.Fleet;

/// <summary>One page of a list of registrations.</summary>
/// <param name="Rows">By id.</param>
/// <param name="Count">Registrations that match, counted up to <see cref="MostCounted"/> and one more.</param>
/// <param name="HasPrevious">Whether a page comes before.</param>
/// <param name="HasNext">Whether a page follows.</param>
public sealed record RegistrationRowPage(IReadOnlyList<RegistrationRow> Rows, int Count, bool HasPrevious, bool HasNext)
{
    /// <summary>What is counted for a page, so that it stays quick in a large fleet.</summary>
    public const int MostCounted = 10_000;
}
