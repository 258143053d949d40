using System.Globalization;
using System.Text.Json;
using Perennial.Protocol.Rolling;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Rolls;

namespace Perennial.Server.Http;

/// <summary>Rolls as the service API reads and writes them.</summary>
internal static class RollDocuments
{
    /// <summary>The words of <see cref="RollOffer"/>, for people.</summary>
    public const string Offers = "desiredProperty, method, registration or none";

    public static RollDocument From(Roll roll, RollProgress? progress) => new()
    {
        Id = roll.Id,
        Kind = Word(roll.Kind),
        Reason = Word(roll.Reason),
        State = Word(roll.State),
        Back = roll.IsBack ? true : null,
        HastenedUtc = roll.Hastened,
        HaltReason = roll.HaltReason,
        EnrollmentGroupId = roll.Group?.Id,
        Issuer = roll.Issuer,
        Old = roll.Old?.ToString(),
        New = roll.New?.ToString(),
        Wave = roll.Wave,
        CreatedUtc = roll.Created,
        StartedUtc = roll.Started,
        EndedUtc = roll.Ended,
        WithoutRehearsal = roll.WithoutRehearsal,
        Progress = progress is null ? null : new RollProgressDocument
        {
            Devices = progress.Devices,
            Offered = progress.Offered,
            Moved = progress.Moved,
            Waived = progress.Waived,
            Open = progress.Open,
            Pending = progress.Pending,
            OverlapEndsUtc = progress.LastEnd,
        },
    };

    public static RollForecastDocument From(RollForecast forecast) => new()
    {
        LastOfferUtc = forecast.LastOffer,
        AtPaceUtc = forecast.AtPace,
    };

    public static RollDeviceDocument From(RollDevice device) => new()
    {
        RegistrationId = device.Device,
        State = device.IsMoved ? "moved"
            : device.Waiver is not null ? "waived"
            : device.IsEnded ? "ended"
            : device.Failure is not null ? "failed"
            : device.Offered is null ? "pending"
            : "offered",
        Wave = device.Wave,
        OfferedUtc = device.Offered,
        SeenUtc = device.Seen,
        LeafEndsUtc = device.LeafEnd,
        Remark = device.Waiver ?? (device.IsMoved ? null : device.Failure),
    };

    /// <summary>Reads a plan, or says in one sentence what cannot be read.</summary>
    public static bool TryRead(RollPlanDocument? document, [NotNullWhen(true)] out RollPlan? plan, [NotNullWhen(false)] out string? fault)
    {
        var usual = plan = new RollPlan();
        fault = null;
        if (document is null)
        {
            return true;
        }

        if (!TryReadWord<RollOffer>(document.Offer, out var offer))
        {
            fault = $"'{document.Offer}' is no way to offer: {Offers}.";
        }

        var windows = new List<MaintenanceWindow>();
        foreach (var rule in document.Windows ?? [])
        {
            var isRead = TryRead(rule, out var window);
            fault ??= isRead ? null : $"The window '{string.Join(' ', rule.Days)} {rule.From} to {rule.Until} {rule.TimeZone}' cannot be read.";
            windows.AddRange(window is null ? [] : [window]);
        }

        plan = fault is not null ? null : usual with
        {
            CanarySize = document.CanarySize ?? usual.CanarySize,
            Canary = document.Canary ?? usual.Canary,
            WaveSize = document.WaveSize ?? usual.WaveSize,
            Growth = document.Growth ?? usual.Growth,
            RatePerMinute = document.RatePerMinute ?? usual.RatePerMinute,
            CapacityPerMinute = document.CapacityPerMinute,
            Soak = Seconds(document.SoakSeconds, usual.Soak),
            Gate = document.Gate ?? usual.Gate,
            OfferWindow = Seconds(document.OfferWindowSeconds, usual.OfferWindow),
            Spread = Seconds(document.SpreadSeconds, usual.Spread),
            Windows = windows,
            Offer = offer,
            ContactWithin = Seconds(document.ContactWithinSeconds, usual.ContactWithin),
            LostContact = Limit(document.LostContact, usual.LostContact),
            Refusals = Limit(document.Refusals, usual.Refusals),
            Failures = Limit(document.Failures, usual.Failures),
        };
        return plan is not null;
    }

    /// <summary>Reads a word of an enumeration; none gives null.</summary>
    public static bool TryReadWord<T>(string? text, out T? word)
        where T : struct, Enum
    {
        word = text is null ? null : Enum.GetValues<T>().Cast<T?>().FirstOrDefault(one => Word(one!.Value) == text);
        return text is null || word is not null;
    }

    private static bool TryRead(RollWindowRuleDocument rule, out MaintenanceWindow? window)
    {
        var days = rule.Days.Select(day => Enum.TryParse<DayOfWeek>(day, ignoreCase: true, out var read) && !char.IsAsciiDigit(day[0]) ? read : (DayOfWeek?)null).ToList();
        window = days.All(day => day is not null)
            && TimeOnly.TryParseExact(rule.From, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var from)
            && TimeOnly.TryParseExact(rule.Until, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var until)
            && TimeZoneInfo.TryFindSystemTimeZoneById(rule.TimeZone, out var zone)
                ? new MaintenanceWindow([.. days.Select(day => day!.Value)], from, until, zone)
                : null;
        return window is not null;
    }

    private static TimeSpan Seconds(double? given, TimeSpan usual) =>
        given is { } seconds and >= 0 and <= 315_360_000 ? TimeSpan.FromSeconds(seconds) : given is null ? usual : TimeSpan.FromSeconds(-1);

    private static HaltLimit Limit(HaltLimitDocument? given, HaltLimit usual) => given is null ? usual : new HaltLimit(given.Share, given.Devices);

    /// <summary>A word of an enumeration on the wire.</summary>
    public static string Word<T>(T word)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(word.ToString());
}
