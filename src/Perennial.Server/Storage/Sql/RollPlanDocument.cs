using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Rolls;

namespace Perennial.Server.Storage.Sql;

/// <summary>How a roll goes about it, as it is kept.</summary>
internal sealed record RollPlanDocument
{
    public int CanarySize { get; init; }

    public IReadOnlyList<string> Canary { get; init; } = [];

    public int WaveSize { get; init; }

    public double Growth { get; init; }

    public int RatePerMinute { get; init; }

    public int? CapacityPerMinute { get; init; }

    public TimeSpan Soak { get; init; }

    public double Gate { get; init; }

    public TimeSpan OfferWindow { get; init; }

    public TimeSpan Spread { get; init; }

    public IReadOnlyList<MaintenanceWindowDocument> Windows { get; init; } = [];

    public RollOffer? Offer { get; init; }

    public TimeSpan ContactWithin { get; init; }

    public required HaltLimit LostContact { get; init; }

    public required HaltLimit Refusals { get; init; }

    public required HaltLimit Failures { get; init; }

    public static RollPlanDocument From(RollPlan plan) => new()
    {
        CanarySize = plan.CanarySize,
        Canary = plan.Canary,
        WaveSize = plan.WaveSize,
        Growth = plan.Growth,
        RatePerMinute = plan.RatePerMinute,
        CapacityPerMinute = plan.CapacityPerMinute,
        Soak = plan.Soak,
        Gate = plan.Gate,
        OfferWindow = plan.OfferWindow,
        Spread = plan.Spread,
        Windows = [.. plan.Windows.Select(window => new MaintenanceWindowDocument(window.Days, window.From, window.Until, window.Zone.Id))],
        Offer = plan.Offer,
        ContactWithin = plan.ContactWithin,
        LostContact = plan.LostContact,
        Refusals = plan.Refusals,
        Failures = plan.Failures,
    };

    public RollPlan ToDomain() => new()
    {
        CanarySize = CanarySize,
        Canary = Canary,
        WaveSize = WaveSize,
        Growth = Growth,
        RatePerMinute = RatePerMinute,
        CapacityPerMinute = CapacityPerMinute,
        Soak = Soak,
        Gate = Gate,
        OfferWindow = OfferWindow,
        Spread = Spread,
        Windows = [.. Windows.Select(window => new MaintenanceWindow(window.Days, window.From, window.Until, TimeZoneInfo.FindSystemTimeZoneById(window.Zone)))],
        Offer = Offer,
        ContactWithin = ContactWithin,
        LostContact = LostContact,
        Refusals = Refusals,
        Failures = Failures,
    };
}
