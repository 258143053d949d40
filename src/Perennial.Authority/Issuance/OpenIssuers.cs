using System.Collections.Concurrent;
using Perennial.Authority.Issuers;
using Perennial.Authority.Keys;

namespace Perennial.Authority.Issuance;

/// <summary>
/// The issuers whose keys are open. A key is opened at its first use, and again after it failed; one that does not open is not tried
/// again for some seconds, since trying is dear. Thread-safe.
/// </summary>
/// <param name="places">Where keys are kept.</param>
/// <param name="time">The clock.</param>
/// <param name="revocationUrl">Where revocation lists and OCSP are served, for certificates to say; null for none.</param>
public sealed class OpenIssuers(KeyPlaces places, TimeProvider time, Uri? revocationUrl = null) : IDisposable
{
    /// <summary>For how long a key that did not open is not tried again.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Place> _places = new(StringComparer.Ordinal);

    /// <summary>The issuer of a slot.</summary>
    /// <param name="slot">A slot with a certificate.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="KeyUnavailableException">The key cannot be opened at this moment.</exception>
    public async Task<Issuer> OpenAsync(IssuerSlot slot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(slot);
        var place = _places.GetOrAdd(slot.Id, _ => new());
        if (place.Issuer is { } open && open.Slot.Version == slot.Version)
        {
            return open;
        }

        await place.Turn.WaitAsync(cancellationToken);
        try
        {
            return place.Issuer is { } opened && opened.Slot.Version == slot.Version ? opened : await OpenAsync(place, slot, cancellationToken);
        }
        finally
        {
            place.Turn.Release();
        }
    }

    /// <summary>Lets go of the key of a slot, so that the next use opens it anew. It closes when nobody signs with it any more.</summary>
    /// <param name="slotId">The slot.</param>
    public void Forget(string slotId)
    {
        if (_places.TryGetValue(slotId, out var place))
        {
            place.Issuer = null;
            place.Key = null;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var place in _places.Values)
        {
            place.Key?.Dispose();
            place.Turn.Dispose();
        }
    }

    private async Task<Issuer> OpenAsync(Place place, IssuerSlot slot, CancellationToken cancellationToken)
    {
        if (place.Failure is { } earlier && time.GetElapsedTime(place.FailedAt) < Pause)
        {
            throw new KeyUnavailableException(earlier.State, earlier.Message, earlier);
        }

        try
        {
            place.Key ??= await places.OpenAsync(slot.Key, cancellationToken);
            place.Issuer = Join(slot, place.Key);
            place.Failure = null;
            return place.Issuer;
        }
        catch (KeyUnavailableException fault)
        {
            (place.Failure, place.FailedAt) = (fault, time.GetTimestamp());
            throw;
        }
    }

    private Issuer Join(IssuerSlot slot, IIssuerKey key)
    {
        try
        {
            return new Issuer(slot, key) { RevocationUrl = revocationUrl };
        }
        catch (ArgumentException fault)
        {
            throw new KeyUnavailableException(KeyState.Lost, $"{fault.Message} Put back the key of issuer slot {slot.Id}.", fault);
        }
    }

    private sealed class Place
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public IIssuerKey? Key { get; set; }

        public Issuer? Issuer { get; set; }

        public KeyUnavailableException? Failure { get; set; }

        public long FailedAt { get; set; }
    }
}
