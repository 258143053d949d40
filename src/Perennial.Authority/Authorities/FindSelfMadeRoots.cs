using Perennial.Authority.Issuers;

namespace Perennial.Authority.Authorities;

/// <summary>Finds the issuers that stand below a root whose key this service made and keeps: such a root is for testing.</summary>
/// <param name="issuers">The issuer slots.</param>
public sealed class FindSelfMadeRoots(IIssuerStore issuers)
{
    /// <summary>The names of the issuers.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken)
    {
        var slots = await issuers.ListAsync(cancellationToken);
        return [.. slots.Where(slot => slot.State == IssuerState.Active && IsBelowOneOf(slot, slots)).Select(slot => slot.IssuerName)];
    }

    private static bool IsBelowOneOf(IssuerSlot slot, IReadOnlyList<IssuerSlot> slots) =>
        slot.Above.Count > 0
        && slots.Any(other => other.Certificate?.Thumbprint == slot.Above[^1].Thumbprint
            && string.Equals(other.IssuerName, CreateAuthority.RootOf(slot.IssuerName), StringComparison.OrdinalIgnoreCase));
}
