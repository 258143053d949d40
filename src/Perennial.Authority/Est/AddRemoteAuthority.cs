using Perennial.Authority.Issuance;
using Perennial.Authority.Issuers;
using Perennial.Authority.Keys;

namespace Perennial.Authority.Est;

/// <summary>Makes an authority outside this service the active one of an issuer, after reading its certificates.</summary>
/// <param name="issuers">The issuer slots.</param>
/// <param name="remote">The authority outside.</param>
/// <param name="time">The clock.</param>
public sealed class AddRemoteAuthority(IIssuerStore issuers, IRemoteAuthority remote, TimeProvider time)
{
    /// <summary>Adds it.</summary>
    /// <param name="issuerName">The issuer.</param>
    /// <param name="address">Where the authority is.</param>
    /// <param name="actor">Who asked for it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The active slot; null when somebody else changed the issuer meanwhile.</returns>
    /// <exception cref="KeyUnavailableException">The authority does not answer, or gives no certificate of an authority.</exception>
    public async Task<IssuerSlot?> RunAsync(string issuerName, KeyAddress address, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        var certificates = (await remote.ReadAuthoritiesAsync(address, cancellationToken)).Where(certificate => certificate.IsCertificateAuthority).ToList();
        if (certificates.Count == 0)
        {
            throw new KeyUnavailableException(KeyState.Failing, $"{address} gives no certificate of an authority.");
        }

        var now = time.GetUtcNow();
        var slot = new IssuerSlot
        {
            Id = SlotId.Make(),
            IssuerName = issuerName,
            State = IssuerState.Active,
            Key = address,
            KeyThumbprint = certificates[0].KeyThumbprint,
            Above = certificates,
            Created = now,
            Since = now,
        };
        var former = await issuers.FindActiveAsync(issuerName, cancellationToken);
        IReadOnlyList<IssuerSlot> slots = former is null ? [slot] : [slot, former with { State = IssuerState.Old, Since = now }];
        return await issuers.TrySaveAsync(slots, actor, "another authority signs", cancellationToken) ? slot with { Version = 1 } : null;
    }
}
