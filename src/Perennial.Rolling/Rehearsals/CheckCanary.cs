namespace Perennial.Rolling.Rehearsals;

/// <summary>What is wrong with the first wave. Pure.</summary>
internal static class CheckCanary
{
    public static IEnumerable<RehearsalFinding?> Find(RehearsalScene scene)
    {
        var canary = Canary(scene);
        yield return Unknown(scene);
        yield return Silent(scene, canary);
        var classes = scene.Devices.Where(device => device is { IsMoved: false, IsGone: false, Prospect: not null }).GroupBy(device => device.Prospect!).ToList();
        foreach (var lot in classes.Where(lot => classes.Count > 1 && !canary.Any(device => device.Prospect == lot.Key)))
        {
            yield return new(
                FindingKind.CanaryNotRepresentative,
                FindingSeverity.Warns,
                lot.Count(),
                $"No device of the canary has a chain of {lot.Key.Name}: what goes wrong with those shows in a later wave.",
                $"Name a device of each class in 'canary', for instance '{lot.First().Device}'.");
        }
    }

    private static List<RehearsedDevice> Canary(RehearsalScene scene)
    {
        var plan = scene.Roll.Plan;
        return plan.Canary.Count > 0
            ? [.. scene.Devices.Where(device => plan.Canary.Contains(device.Device, StringComparer.OrdinalIgnoreCase))]
            : [.. scene.Devices.Where(device => device is { IsMoved: false, IsWaived: false }).OrderBy(device => device.Device, StringComparer.Ordinal).Take(plan.CanarySize)];
    }

    private static RehearsalFinding? Unknown(RehearsalScene scene)
    {
        var known = scene.Devices.Select(device => device.Device).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var unknown = scene.Roll.Plan.Canary.Where(name => !known.Contains(name)).ToList();
        return unknown.Count == 0 || scene.Devices.Count == 0 ? null : new(
            FindingKind.CanaryUnknown,
            FindingSeverity.Blocks,
            unknown.Count,
            $"The canary names '{unknown[0]}', which is no device of the roll.",
            "Name devices of the roll.");
    }

    private static RehearsalFinding? Silent(RehearsalScene scene, List<RehearsedDevice> canary)
    {
        var silent = canary.Where(device => device.IsGone).ToList();
        return silent.Count == 0 ? null : new(
            FindingKind.CanarySilent,
            FindingSeverity.Blocks,
            silent.Count,
            $"The canary '{silent[0].Device}' has been silent for longer than ever before: it is taken to be gone, and the roll would stand or halt with it.",
            scene.Roll.Plan.Canary.Count > 0 ? "Name devices that come." : "Name in 'canary' devices that come; the first by id are taken otherwise.");
    }
}
