using Perennial.Authority.Issuers;
using Perennial.Authority.Keys;
using Perennial.X509;

namespace Perennial.Authority.Authorities;

/// <summary>Makes a new key and the slot for it.</summary>
internal static class PreparedSlot
{
    /// <exception cref="KeyUnavailableException">The key cannot be made.</exception>
    internal static async Task<(IssuerSlot Slot, IIssuerKey Key)> MakeAsync(
        AuthorityWishes wishes, string issuerName, KeyPlaces places, TimeProvider time, CancellationToken cancellationToken)
    {
        var id = SlotId.Make();
        var address = wishes.Token?.WithObject($"{issuerName}-{id}") ?? KeyAddress.OfFile($"issuer-{id}.key");
        var key = await places.CreateAsync(address, wishes.Algorithm, cancellationToken);
        var slot = new IssuerSlot
        {
            Id = id,
            IssuerName = issuerName,
            State = IssuerState.Prepared,
            Key = address,
            KeyThumbprint = Thumbprint.Of(key.PublicKeyInfo.Span),
            Created = time.GetUtcNow(),
            Since = time.GetUtcNow(),
        };
        return (slot, key);
    }
}
