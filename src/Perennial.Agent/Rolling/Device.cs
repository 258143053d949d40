using System.Text.Json;
using Perennial.Agent.Clock;
using Perennial.Agent.Configuration;
using Perennial.Agent.Connections;
using Perennial.Agent.Credentials;
using Perennial.Agent.Deployment;
using Perennial.Agent.Durability;
using Perennial.Agent.Keys;
using Perennial.Agent.Logging;

namespace Perennial.Agent.Rolling;

/// <summary>This device: its configuration, its memory, and what it speaks with. One process at a time has it.</summary>
internal sealed class Device : IDisposable
{
    private readonly FileStream _lock;

    private Device(FileStream held, AgentConfiguration configuration, TimeProvider time, TextWriter output, KillSwitch kill)
    {
        _lock = held;
        Configuration = configuration;
        var files = new DurableFiles(kill);
        Keys = KeyStores.Of(configuration, Path.Combine(configuration.State, "slots"), files);
        Certificates = new(Path.Combine(configuration.State, "slots"), files);
        Journal = Journal.Open(configuration.State, configuration.Provisioning.RegistrationId, files, Certificates, Keys);
        Clock = new(time, Journal.State.LastGoodTime);
        Log = new(output, Clock);
        Held = new(Keys, Certificates, configuration);
        var trust = ServerTrust.Read(configuration.TrustBundle, Clock);
        Link = new(configuration, trust);
        Registration = new(configuration, trust, Clock);
        Publication = configuration.Publish is { } publish ? new(publish, files) : null;
        Hook = configuration.Exec is { } exec ? new(exec, TimeSpan.FromSeconds(configuration.ExecLimitSeconds), Clock) : null;
    }

    public AgentConfiguration Configuration { get; }

    public DeviceClock Clock { get; }

    public AgentLog Log { get; }

    public IKeyStore Keys { get; }

    public CertificateFiles Certificates { get; }

    public Journal Journal { get; }

    public HeldCredentials Held { get; }

    public HubLink Link { get; }

    public RegisterDevice Registration { get; }

    public Publication? Publication { get; }

    public RunHook? Hook { get; }

    public string Name => Configuration.Provisioning.RegistrationId;

    public AgentState State => Journal.State;

    public CredentialSet Credentials => Journal.State.Credentials;

    public DateTimeOffset Now => Clock.GetUtcNow();

    /// <exception cref="AgentException">Something that it needs is not there, or another agent runs.</exception>
    public static Device Open(AgentConfiguration configuration, TimeProvider time, TextWriter output, KillSwitch kill)
    {
        DurableFiles.MakeDirectory(configuration.State);
        FileStream held;
        try
        {
            held = new(Path.Combine(configuration.State, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new AgentException($"Another perennial-agent has {configuration.State}; let that one roll now (systemctl reload perennial-agent), or stop it first.", exception);
        }

        try
        {
            return new(held, configuration, time, output, kill);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    public RollPlan? Plan() => PlanOf(State, Configuration);

    /// <summary>When it goes back to the certificate before; null when nobody wants that, or it was done. A roll that is under way ends first.</summary>
    public DateTimeOffset? BackAt => State is { Back: { IsDone: false, Window: var window }, Credentials.Candidate: null }
        ? window.NotBefore + ((window.NotAfter - window.NotBefore) * RollPlanner.PositionOf(Name))
        : null;

    public static RollPlan? PlanOf(AgentState state, AgentConfiguration configuration) => state.Credentials.Current is not { } current
        ? null
        : RollPlanner.Plan(
            current, configuration.Roll, RollPlanner.PositionOf(state.RegistrationId), state.Window, state.Attempts, state.Credentials.Candidate is not null);

    /// <summary>Remembers that an attempt failed, and until when the service asked to wait.</summary>
    public void RecordFailure(ExchangeException failure)
    {
        var now = Now;
        Journal.Write(state => state with
        {
            LastGoodTime = Clock.Floor,
            Attempts = new()
            {
                Failures = state.Attempts.Failures + 1,
                LastFailure = now,
                RetryAt = failure.RetryAfter is { } wait ? now + wait : state.Attempts.RetryAt is { } asked && asked > now ? asked : null,
                Code = CodeOf(failure.Kind),
                Error = failure.Message,
            },
        });
    }

    private static string CodeOf(FailureKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    public void Dispose()
    {
        _lock.Dispose();
    }
}
