using System.Globalization;
using Perennial.X509;

namespace Perennial.Rolling.Impact;

/// <summary>Where a page of a list of impacted devices ended. The list goes through classes, then devices judged alone, then those with keys, then unknown ones.</summary>
internal sealed record ImpactPlace(ImpactSection Section, ChainLot? Lot, SeenDevice? Device)
{
    private const char AfterKey = '-';

    /// <summary>The fingerprint of the key at which the list is, or after which it goes on; empty at their beginning.</summary>
    public string Key { get; init; } = string.Empty;

    public static ImpactPlace Start { get; } = new(ImpactSection.Classes, null, null);

    /// <summary>The devices of a key, after one of them.</summary>
    public static ImpactPlace OfKey(Thumbprint key, string device) =>
        new(ImpactSection.Keys, null, new SeenDevice(device, default, null)) { Key = key.ToString() };

    /// <summary>The keys that follow one.</summary>
    public static ImpactPlace BehindKey(Thumbprint key) => new(ImpactSection.Keys, null, null) { Key = key.ToString() + AfterKey };

    /// <summary>Reads what <see cref="ToString"/> wrote; null is the start.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ImpactPlace? place)
    {
        place = text is null ? Start : null;
        var parts = text?.Split('/') ?? [];
        if (parts is ["c", var number, var hub, var end, var device]
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var name)
            && long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTimeOffset.MaxValue.Ticks)
        {
            var of = hub.Length == 0 ? null : hub;
            place = new(
                ImpactSection.Classes, new ChainLot(name, of, default, 0, 0), new SeenDevice(device, new DateTimeOffset(ticks, TimeSpan.Zero), of));
        }
        else if (parts is ["a" or "u", var alone])
        {
            place = new(parts[0] == "a" ? ImpactSection.Alone : ImpactSection.Unknown, null, alone.Length == 0 ? null : new SeenDevice(alone, default, null));
        }
        else if (parts is ["k", var key, var last] && (key.Length == 0 || Thumbprint.TryParse(key.TrimEnd(AfterKey), out _)))
        {
            place = new(ImpactSection.Keys, null, last.Length == 0 ? null : new SeenDevice(last, default, null)) { Key = key };
        }

        return place is not null;
    }

    public override string ToString() => Section switch
    {
        ImpactSection.Classes => string.Create(
            CultureInfo.InvariantCulture, $"c/{Lot?.Class ?? 0}/{Lot?.Hub}/{Device?.LeafEnd.UtcTicks ?? 0}/{Device?.Device}"),
        ImpactSection.Alone => $"a/{Device?.Device}",
        ImpactSection.Keys => $"k/{Key}/{Device?.Device}",
        _ => $"u/{Device?.Device}",
    };
}
