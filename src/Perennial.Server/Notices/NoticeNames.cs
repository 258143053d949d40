namespace Perennial.Server.Notices;

/// <summary>The names of kinds of notices on the wire.</summary>
internal static class NoticeNames
{
    private static readonly (NoticeKind Kind, string Name)[] Names =
    [
        (NoticeKind.CertificateExpiring, "certificate.expiring"),
        (NoticeKind.DeviceOverdue, "device.overdue"),
        (NoticeKind.RefusalBurst, "refusal.burst"),
        (NoticeKind.RollState, "roll.state"),
        (NoticeKind.Test, "test"),
    ];

    /// <summary>Kinds that a webhook can ask for; a test notice comes to every one.</summary>
    public static IReadOnlyList<string> Wanted { get; } = [.. Names.Where(name => name.Kind != NoticeKind.Test).Select(name => name.Name)];

    public static string Of(NoticeKind kind) => Names.First(name => name.Kind == kind).Name;

    public static IReadOnlyList<string> OfAll(NoticeKind kinds) =>
        [.. Names.Where(name => name.Kind != NoticeKind.Test && kinds.HasFlag(name.Kind)).Select(name => name.Name)];

    public static bool TryParse(IReadOnlyList<string> names, out NoticeKind kinds, [NotNullWhen(false)] out string? fault)
    {
        kinds = NoticeKind.None;
        fault = null;
        foreach (var name in names)
        {
            if (!Wanted.Contains(name, StringComparer.Ordinal))
            {
                fault = $"'{name}' is no kind of notice: choose among {string.Join(", ", Wanted)}.";
                return false;
            }

            kinds |= Names.First(known => known.Name == name).Kind;
        }

        return true;
    }
}
