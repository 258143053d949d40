using Amqp.Framing;
using Amqp.Types;

namespace Perennial.Server.Amqp;

/// <summary>Error conditions beyond those of AMQP 1.0 (<see cref="global::Amqp.ErrorCode"/>), and errors in the form that clients read (hub-protocol §3.5).</summary>
internal static class AmqpErrors
{
    public const string ArgumentError = "com.microsoft:argument-error";
    public const string Throttled = "com.microsoft:device-container-throttled";
    public const string PreconditionFailed = "com.microsoft:precondition-failed";
    public const string MessageLockLost = "com.microsoft:message-lock-lost";
    public const string Timeout = "com.microsoft:timeout";

    private static readonly Symbol TrackingId = new("com.microsoft:tracking-id");

    public static Error Of(string condition, string description) => new(new Symbol(condition))
    {
        Description = description,
        Info = new Fields { [TrackingId] = Guid.NewGuid().ToString() },
    };

    public static Rejected Reject(string condition, string description) => new() { Error = Of(condition, description) };
}
