using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Rolling.Forecasts;

/// <summary>Adds up who would be refused.</summary>
internal sealed class ExpiryTally
{
    private readonly Dictionary<string, ExpiryPart> _parts = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<int, ExpiryReason> _reasons = [];

    public void Add(EnrollmentKey enrollment, long devices, long leafEnded, long authorityEnded, Refusal? refusal)
    {
        var group = enrollment.Kind == EnrollmentKind.Group ? enrollment.Id : null;
        var known = _parts.GetValueOrDefault(group ?? "") ?? new ExpiryPart(group, 0, 0, 0);
        _parts[group ?? ""] = known with
        {
            Devices = known.Devices + devices,
            LeafEnded = known.LeafEnded + leafEnded,
            AuthorityEnded = known.AuthorityEnded + authorityEnded,
        };
        if (refusal is not null)
        {
            Note(refusal, devices == 1 ? leafEnded + authorityEnded : authorityEnded);
        }
    }

    public void Note(Refusal refusal, long devices)
    {
        if (devices > 0)
        {
            var known = _reasons.GetValueOrDefault(refusal.Reason.Number);
            _reasons[refusal.Reason.Number] = new ExpiryReason(known?.Refusal ?? refusal, (known?.Devices ?? 0) + devices);
        }
    }

    public ExpiryForecast ToForecast(DateTimeOffset at) => new(
        at,
        _parts.Values.Sum(part => part.Devices),
        _parts.Values.Sum(part => part.Refused),
        [.. _parts.Values.OrderByDescending(part => part.Refused).ThenBy(part => part.Group, StringComparer.Ordinal)],
        [.. _reasons.Values.OrderByDescending(reason => reason.Devices)]);
}
