namespace Perennial.Server.Notices;

/// <summary>A delivery as it is shown.</summary>
internal sealed record DeliveryLine
{
    public required string Notice { get; init; }

    public required string Kind { get; init; }

    public required string Subject { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary><c>waiting</c>, <c>delivered</c> or <c>given up</c>.</summary>
    public required string State { get; init; }

    public required int Tries { get; init; }

    /// <summary>When it is tried next; left out when it waits no more.</summary>
    public DateTimeOffset? NextTry { get; init; }

    /// <summary>Why the last try failed.</summary>
    public string? Fault { get; init; }

    public static DeliveryLine From(Delivery delivery) => new()
    {
        Notice = delivery.Notice.Id,
        Kind = NoticeNames.Of(delivery.Notice.Kind),
        Subject = delivery.Notice.Subject,
        At = delivery.Notice.At,
        State = delivery.State switch
        {
            DeliveryState.Waiting => "waiting",
            DeliveryState.Delivered => "delivered",
            DeliveryState.GivenUp => "given up",
            _ => throw new InvalidOperationException($"Unknown state {delivery.State}."),
        },
        Tries = delivery.Tries,
        NextTry = delivery.State == DeliveryState.Waiting ? delivery.Due : null,
        Fault = delivery.Fault,
    };
}
