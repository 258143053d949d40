using System.Text.Json;

namespace Perennial.Agent.Configuration;

/// <summary>
/// The one file that configures the agent; documented in docs/agent.md. Settings with a default have a setter, since generated JSON gives an init-only
/// property that is left out no value at all.
/// </summary>
internal sealed record AgentConfiguration
{
    public const string DefaultPath = "/etc/perennial-agent/agent.json";

    private const int MaxLength = 64 * 1024;

    public required ProvisioningSettings Provisioning { get; init; }

    public HubConnectionSettings Hub { get; set; } = new();

    /// <summary>The roots that the servers' certificates must chain to, PEM.</summary>
    public required string TrustBundle { get; init; }

    /// <summary>The folder of the journal, the certificates and the keys.</summary>
    public string State { get; set; } = "/var/lib/perennial-agent";

    public KeySettings Keys { get; set; } = new();

    public OnboardingSettings? Onboarding { get; init; }

    public RollSettings Roll { get; set; } = new();

    public PublishSettings? Publish { get; init; }

    /// <summary>A command for <c>/bin/sh -c</c> after each change of the published files; <c>--exec</c> goes before it.</summary>
    public string? Exec { get; init; }

    /// <summary>Seconds after which the command is ended.</summary>
    public int ExecLimitSeconds { get; set; } = 60;

    public bool StaysConnected => Hub.StayConnected ?? Publish is null;

    /// <exception cref="AgentException">The file cannot be read, or says what cannot be.</exception>
    public static AgentConfiguration Read(string path)
    {
        AgentConfiguration? read;
        try
        {
            if (new FileInfo(path).Length > MaxLength)
            {
                throw new AgentException($"{path} is longer than {MaxLength} bytes; it is not a configuration.");
            }

            read = JsonSerializer.Deserialize(File.ReadAllBytes(path), ConfigurationJson.Default.AgentConfiguration);
        }
        catch (JsonException exception)
        {
            throw new AgentException($"{path} cannot be read at {exception.Path ?? "$"}: {exception.Message} See docs/agent.md.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new AgentException($"{path} cannot be read: {exception.Message} Write it as docs/agent.md says, or name another with --config.", exception);
        }

        var faults = ConfigurationRules.Faults(read!).ToList();
        return faults.Count == 0 ? read! : throw new AgentException($"{path}: {string.Join(" ", faults)}");
    }
}
