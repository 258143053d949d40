namespace Perennial.Server.Notices;

/// <summary>One notice on its way to one webhook.</summary>
/// <param name="Webhook">The webhook's name.</param>
/// <param name="Notice">What is told.</param>
/// <param name="State">How it stands.</param>
/// <param name="Tries">Tries made so far.</param>
/// <param name="Due">When it is tried next, or was tried last.</param>
/// <param name="Fault">Why the last try failed; null when none did.</param>
internal sealed record Delivery(string Webhook, Notice Notice, DeliveryState State, int Tries, DateTimeOffset Due, string? Fault)
{
    // Before each further try: three days in all, as long as a week-end.
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2),
        TimeSpan.FromHours(6), TimeSpan.FromHours(12), TimeSpan.FromHours(24), TimeSpan.FromHours(28),
    ];

    /// <summary>Tries that are made at most.</summary>
    public static int MaxTries => Pauses.Length + 1;

    /// <summary>The delivery after a try.</summary>
    /// <param name="fault">Why it failed; null when it was taken.</param>
    /// <param name="now">When it ended.</param>
    public Delivery After(string? fault, DateTimeOffset now)
    {
        var tries = Tries + 1;
        return fault switch
        {
            null => this with { State = DeliveryState.Delivered, Tries = tries, Due = now, Fault = null },
            _ when tries >= MaxTries => this with { State = DeliveryState.GivenUp, Tries = tries, Due = now, Fault = fault },
            _ => this with { Tries = tries, Due = now + Pauses[tries - 1], Fault = fault },
        };
    }
}
