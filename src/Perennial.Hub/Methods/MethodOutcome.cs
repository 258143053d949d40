using System.Text.Json;

namespace Perennial.Hub.Methods;

/// <summary>What became of a direct method.</summary>
public abstract record MethodOutcome
{
    private MethodOutcome()
    {
    }

    /// <summary>The device answered.</summary>
    /// <param name="Status">The status that the device's code chose; says nothing of the hub.</param>
    /// <param name="Payload">The device's JSON; null for an empty answer.</param>
    public sealed record Answered(int Status, JsonElement Payload) : MethodOutcome;

    /// <summary>There is no such device or module.</summary>
    public sealed record NoDevice : MethodOutcome;

    /// <summary>It was not connected, or took no methods, within the connect time.</summary>
    public sealed record NotOnline : MethodOutcome;

    /// <summary>It did not answer within the response time.</summary>
    public sealed record NoAnswer : MethodOutcome;

    /// <summary>It answered what is no JSON, or too much of it.</summary>
    public sealed record BadAnswer : MethodOutcome;
}
