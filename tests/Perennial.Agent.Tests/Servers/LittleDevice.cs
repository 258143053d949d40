using System.Text.Json.Nodes;

namespace Perennial.Agent.Tests.Servers;

/// <summary>What the little service knows of one device. Guarded by the service's lock.</summary>
internal sealed class LittleDevice
{
    /// <summary>The leaves that hub and provisioning accept, by SHA-256.</summary>
    public HashSet<string> Accepted { get; } = new(StringComparer.Ordinal);

    /// <summary>Every leaf issued, in order.</summary>
    public List<string> Issued { get; } = [];

    /// <summary>The leaves by which the device has connected to the hub, in order; a repetition counts once.</summary>
    public List<string> Connected { get; } = [];

    /// <summary>Leaves that are drained: the hub gives a new one on such a connection, and nothing else.</summary>
    public HashSet<string> Drained { get; } = new(StringComparer.Ordinal);

    /// <summary>Leaves to which the hub says that it is not available.</summary>
    public HashSet<string> PutOff { get; } = new(StringComparer.Ordinal);

    /// <summary>The factory leaf, which only provisioning accepts.</summary>
    public string? Factory { get; set; }

    public byte[]? SymmetricKey { get; set; }

    public JsonObject Desired { get; set; } = [];

    public JsonObject Reported { get; } = [];

    public JsonObject? Payload { get; set; }

    public Dictionary<string, string[]> Answers { get; } = new(StringComparer.Ordinal);

    public LittleSession? Session { get; set; }

    public int Registrations { get; set; }
}
