using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Perennial.Agent.Configuration;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Agent.Tests.Servers;

/// <summary>
/// A provisioning service and a hub on loopback, with real TLS, that do what the wire documents say and what a test sets. The hub is as strict as the
/// rules allow: once a device connects with a new leaf, those before it are refused.
/// </summary>
internal sealed class LittleCloud : IAsyncDisposable
{
    public const string IdScope = "0ne00000001";

    private readonly Dictionary<string, LittleDevice> _devices = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly LittleHub _hub;
    private readonly LittleProvisioning _provisioning;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LittleCloud(TestCertificateOptions? serverOptions)
    {
        Server = serverOptions is null ? Root.IssueServer("localhost") : Root.IssueLeaf("localhost", serverOptions);
        _hub = new(this);
        _provisioning = new(this);
    }

    public TestAuthority Root { get; } = TestAuthority.CreateRoot();

    public TestAuthority Issuing { get; } = TestAuthority.CreateRoot("Device CA");

    public TestCertificate Server { get; }

    /// <summary>The validity of what is issued from now on.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Whether the hub issues over the connection.</summary>
    public bool HubIssues { get; set; } = true;

    /// <summary>Whether provisioning accepts the leaves that were issued.</summary>
    public bool ProvisioningAcceptsIssued { get; set; } = true;

    /// <summary>Whether the hub accepts what was issued; otherwise only leaves that it has accepted before.</summary>
    public bool HubAcceptsNew { get; set; } = true;

    /// <summary>Whether leaves before the one that a device connects with go on counting.</summary>
    public bool HubKeepsOld { get; set; }

    /// <summary>Registrations that are refused: the status, and the seconds to wait.</summary>
    public Func<(int Status, int? RetryAfter)?> RegistrationFault { get; set; } = () => null;

    /// <summary>Answers to requests for certificates over the connection instead of a certificate.</summary>
    public Func<(int Status, string Body)?> IssueFault { get; set; } = () => null;

    /// <summary>The date in the headers of provisioning; null for the true one.</summary>
    public DateTimeOffset? Date { get; set; }

    public int HubPort => _hub.Port;

    public int ProvisioningPort => _provisioning.Port;

    public static async Task<LittleCloud> StartAsync(TestCertificateOptions? serverOptions = null)
    {
        var service = new LittleCloud(serverOptions);
        service._hub.Start();
        await service._provisioning.StartAsync();
        return service;
    }

    /// <summary>Knows a device, and writes its configuration with a factory certificate and a folder of its own.</summary>
    public AgentConfiguration Enroll(string id, string folder)
    {
        using var factory = TestAuthority.CreateSelfSignedLeaf(id);
        Change(id, device => device.Factory = factory.Certificate.Thumbprint.ToString());
        File.WriteAllText(Path.Combine(folder, "trust.pem"), Root.Own.CertificatePem);
        File.WriteAllText(Path.Combine(folder, "factory.pem"), factory.CertificatePem);
        WriteSecret(Path.Combine(folder, "factory.key"), factory.KeyPem);
        return new()
        {
            Provisioning = new() { Host = "localhost", Port = ProvisioningPort, IdScope = IdScope, RegistrationId = id },
            Hub = new() { Port = HubPort },
            TrustBundle = Path.Combine(folder, "trust.pem"),
            State = Path.Combine(folder, "state"),
            Onboarding = new() { Certificate = Path.Combine(folder, "factory.pem"), Key = Path.Combine(folder, "factory.key") },
            Roll = new() { TestLimitSeconds = 5 },
        };
    }

    public static void WriteSecret(string path, string text)
    {
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public T Read<T>(string id, Func<LittleDevice, T> read)
    {
        lock (_lock)
        {
            return read(Known(id));
        }
    }

    public void Change(string id, Action<LittleDevice> change)
    {
        lock (_lock)
        {
            change(Known(id));
            var changed = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            changed.SetResult();
        }
    }

    /// <summary>Waits for a fact about a device.</summary>
    public async Task WaitAsync(string id, Func<LittleDevice, bool> fact)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        while (true)
        {
            Task next;
            lock (_lock)
            {
                if (fact(Known(id)))
                {
                    return;
                }

                next = _changed.Task;
            }

            await next.WaitAsync(limit.Token);
        }
    }

    /// <summary>Drops a device's live connection, as a hub does.</summary>
    public void Drop(string id) => Read(id, device => device.Session)?.Drop();

    /// <summary>What hub and provisioning accept no more.</summary>
    public void RetireAll(string id) => Change(id, device => device.Accepted.Clear());

    /// <summary>Changes the desired properties and tells the device.</summary>
    public async Task DesireAsync(string id, JsonObject desired)
    {
        Change(id, device => device.Desired = desired);
        if (Read(id, device => device.Session) is { } session)
        {
            await session.NotifyAsync(desired);
        }
    }

    public string[] Issue(string id, byte[] csr)
    {
        var request = CertificateRequest.LoadSigningRequest(csr, HashAlgorithmName.SHA256);
        AsymmetricAlgorithm key = (AsymmetricAlgorithm?)request.PublicKey.GetECDsaPublicKey() ?? request.PublicKey.GetRSAPublicKey()!;
        var now = TimeProvider.System.GetUtcNow();
        using var leaf = Issuing.IssueLeaf(id, new() { Key = key, NotBefore = now.AddMinutes(-1), NotAfter = now + Lifetime });
        var thumbprint = leaf.Certificate.Thumbprint.ToString();
        Change(id, device =>
        {
            device.Issued.Add(thumbprint);
            device.Accepted.Add(thumbprint);
        });
        return [Convert.ToBase64String(leaf.Der.Span), Convert.ToBase64String(Issuing.Own.Der.Span)];
    }

    /// <summary>The hub's verdict on a connection. A new leaf retires those before it.</summary>
    public bool Admit(string id, Certificate? leaf)
    {
        var isAdmitted = false;
        Change(id, device =>
        {
            var now = TimeProvider.System.GetUtcNow();
            isAdmitted = leaf is not null && IsNamed(leaf, id) && device.Accepted.Contains(leaf.Thumbprint.ToString())
                && now <= leaf.NotAfter && (HubAcceptsNew || device.Connected.Contains(leaf.Thumbprint.ToString()));
            if (!isAdmitted || device.Connected.LastOrDefault() == leaf!.Thumbprint.ToString())
            {
                return;
            }

            device.Connected.Add(leaf.Thumbprint.ToString());
            device.Accepted.RemoveWhere(thumbprint => !HubKeepsOld && device.Connected.Contains(thumbprint) && thumbprint != leaf.Thumbprint.ToString());
        });
        return isAdmitted;
    }

    public static bool IsNamed(Certificate leaf, string id) =>
        leaf.TryGetCommonName(out var name, out _) && name.Value.Equals(id, StringComparison.OrdinalIgnoreCase);

    public async ValueTask DisposeAsync()
    {
        await _provisioning.DisposeAsync();
        await _hub.DisposeAsync();
        Root.Dispose();
        Issuing.Dispose();
        Server.Dispose();
    }

    private LittleDevice Known(string id) => _devices.TryGetValue(id, out var device) ? device : _devices[id] = new();
}
