using Perennial.Hub.Queries;

namespace Perennial.Hub.Jobs;

/// <summary>The devices of a job, as a query.</summary>
internal static class JobTargets
{
    private const string Select = "SELECT";

    /// <summary>Reads a condition; nothing and <c>*</c> mean all devices, and a whole query over devices is taken too.</summary>
    public static bool TryRead(string condition, [NotNullWhen(true)] out Query? query, [NotNullWhen(false)] out QueryFault? fault)
    {
        var text = condition.Trim();
        var whole = text.StartsWith(Select, StringComparison.OrdinalIgnoreCase) ? text
            : text is "" or "*" ? "SELECT * FROM devices"
            : $"SELECT * FROM devices WHERE {text}";
        if (!Query.TryParse(whole, out query, out fault))
        {
            fault = fault with { Position = Math.Max(0, fault.Position - (whole.Length - text.Length)) };
            return false;
        }

        fault = query is { Source: QuerySource.Devices, IsAggregate: false, Top: null }
            ? null
            : new QueryFault(0, "The condition is not one on devices.", "Write what would stand after SELECT * FROM devices WHERE.");
        return fault is null;
    }
}
