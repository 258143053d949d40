using Perennial.Rolling.Rolls;

namespace Perennial.Rolling.Tests.Rehearsals;

/// <summary>Issuing authorities that nobody asks for.</summary>
internal sealed class NoIssuers : IRolledIssuers
{
    public Task<(RolledIssuer? Active, RolledIssuer? Prepared)> FindAsync(string issuer, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RolledIssuer?> FindSlotAsync(string slot, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> TryActivateAsync(string slot, string actor, CancellationToken cancellationToken) => throw new NotSupportedException();
}
