namespace Perennial.Rolling.Rehearsals;

/// <summary>Makes out of sightings when devices make contact. Devices of which too little was seen are taken to be like others.</summary>
public sealed class FleetRhythm
{
    /// <summary>Sightings closer than this are one contact: a device registers and connects.</summary>
    private static readonly TimeSpan OneContact = TimeSpan.FromMinutes(1);

    /// <summary>What is assumed when nothing was seen twice: half the usual window of an offer, which is to suffice also by clocks that are wrong.</summary>
    private static readonly Rhythm Unknown = Rhythm.Every(TimeSpan.FromHours(12));

    private static readonly TimeSpan GoneWithoutRhythm = TimeSpan.FromDays(30);

    private readonly Dictionary<string, Rhythm> _own;
    private readonly List<Rhythm> _known;

    public FleetRhythm(IReadOnlyList<SeenMember> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        _own = members.Select(member => (member.Device, Rhythm: Of(member.Contacts))).Where(found => found.Rhythm is not null)
            .ToDictionary(found => found.Device, found => found.Rhythm!, StringComparer.Ordinal);
        _known = [.. members.Where(member => _own.ContainsKey(member.Device)).Select(member => _own[member.Device])];
    }

    /// <summary>The rhythm of a device; that of another one when its own is not known.</summary>
    /// <param name="member">The device.</param>
    /// <param name="draw">Which other one.</param>
    public Rhythm Of(SeenMember member, int draw)
    {
        ArgumentNullException.ThrowIfNull(member);
        return _own.GetValueOrDefault(member.Device) ?? (_known.Count > 0 ? _known[(int)((uint)draw % _known.Count)] : Unknown);
    }

    /// <summary>Whether a device that is not connected has been silent for three times as long as ever before.</summary>
    public bool IsGone(SeenMember member, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(member);
        var patience = _own.GetValueOrDefault(member.Device) is { } own ? TimeSpan.FromTicks(Math.Max(3 * own.Longest.Ticks, TimeSpan.TicksPerDay)) : GoneWithoutRhythm;
        return member.Seen is not { } seen || now - seen > patience;
    }

    private static Rhythm? Of(IReadOnlyList<DateTimeOffset> contacts)
    {
        var gaps = contacts.Zip(contacts.Skip(1), (one, next) => next - one).Where(gap => gap >= OneContact).ToList();
        return gaps.Count > 0 ? new Rhythm(gaps) : null;
    }
}
