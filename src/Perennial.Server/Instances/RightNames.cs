using System.Numerics;

namespace Perennial.Server.Instances;

/// <summary>Rights by name, each for itself.</summary>
internal static class RightNames
{
    public static IReadOnlyList<string> Of(ServiceRights rights) =>
    [
        .. Enum.GetValues<ServiceRights>()
            .Where(right => BitOperations.PopCount((uint)right) == 1 && rights.HasFlag(right))
            .Select(right => right.ToString()),
    ];

    /// <summary>Reads names with commas between, in any case.</summary>
    public static bool TryParse(string text, out ServiceRights rights)
    {
        rights = ServiceRights.None;
        foreach (var name in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (char.IsAsciiDigit(name[0]) || name[0] is '-' or '+' || !Enum.TryParse<ServiceRights>(name, ignoreCase: true, out var right))
            {
                return false;
            }

            rights |= right;
        }

        return rights != ServiceRights.None;
    }
}
