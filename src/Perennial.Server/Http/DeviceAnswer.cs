using Perennial.Protocol;
using Perennial.Protocol.Provisioning;
using Perennial.Server.Instances;
using Perennial.X509;

namespace Perennial.Server.Http;

/// <summary>What a device is told, whichever transport carries it.</summary>
/// <param name="Status">200 or an error status; a transport may make 202 of 200 where its clients demand that.</param>
/// <param name="Body">A JSON document, never empty.</param>
/// <param name="RetryAfter">When to come again, with 429.</param>
internal sealed record DeviceAnswer(int Status, ReadOnlyMemory<byte> Body, TimeSpan? RetryAfter = null)
{
    /// <summary>The answer to a register over a transport that may end it at once, in the form that the instance is set to.</summary>
    public DeviceAnswer AsFirst(FirstReply form) => form == FirstReply.Assigning && OperationId is { } operation
        ? new DeviceAnswer(202, WireJson.ToUtf8(RegistrationOperationStatus.Assigning(operation)), Protocol.Provisioning.RetryAfter.Usual)
        : this;

    /// <summary>The operation that the answer ends; null for an error or a refusal.</summary>
    public string? OperationId { get; init; }

    /// <summary>The six-digit code of an error document.</summary>
    public int? ErrorCode { get; init; }

    /// <summary>Why the device is not given what it asked for, for the operator; null for no refusal.</summary>
    public RefusalReason? Reason { get; init; }

    /// <summary>What came of a registration, in one word.</summary>
    public string Result => this switch
    {
        { Reason: not null, OperationId: not null } => "failed",
        { Status: 429 or 503 } => "later",
        { Reason: not null } => "refused",
        { Status: 200 } => "assigned",
        { Status: 202 } => "assigning",
        { Status: 401, ErrorCode: null } => "challenged",
        _ => "error",
    };
}
