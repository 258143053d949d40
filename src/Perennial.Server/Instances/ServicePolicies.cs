using System.Security.Cryptography;
using System.Text.Json;

namespace Perennial.Server.Instances;

/// <summary>The policies of an instance at one moment, as its data folder keeps them.</summary>
internal sealed class ServicePolicies
{
    private const int ShortestKey = 16;

    private static readonly (string Name, ServiceRights Rights)[] ProvisioningNames =
        [("provisioningserviceowner", ServiceRights.Provisioning)];

    private static readonly (string Name, ServiceRights Rights)[] HubNames =
    [
        ("iothubowner", ServiceRights.Hub),
        ("service", ServiceRights.ServiceConnect),
        ("device", ServiceRights.DeviceConnect),
        ("registryRead", ServiceRights.RegistryRead),
        ("registryReadWrite", ServiceRights.RegistryRead | ServiceRights.RegistryWrite),
    ];

    private ServicePolicies(ServicePoliciesDocument document) => Document = document;

    private ServicePoliciesDocument Document { get; }

    public IReadOnlyList<ServicePolicy> Provisioning => Document.Provisioning;

    public IEnumerable<PolicyScope> Scopes => Document.Hubs.Keys.Select(hub => new PolicyScope(hub)).Prepend(PolicyScope.Provisioning);

    public IReadOnlyList<ServicePolicy> OfHub(string hubName) => Document.Hubs[hubName];

    /// <summary>The policies of a scope; null when there is no such hub.</summary>
    public IReadOnlyList<ServicePolicy>? Of(PolicyScope scope) => scope.Hub is null ? Provisioning : Document.Hubs.GetValueOrDefault(scope.Hub);

    /// <summary>A policy that allows everything there; the first one when none does.</summary>
    public ServicePolicy OwnerOf(PolicyScope scope)
    {
        var policies = Of(scope)!;
        return policies.FirstOrDefault(policy => policy.Rights.HasFlag(scope.All)) ?? policies[0];
    }

    /// <summary>The same but for one scope.</summary>
    public ServicePolicies With(PolicyScope scope, IReadOnlyList<ServicePolicy> policies) => new(scope.Hub is null
        ? Document with { Provisioning = policies }
        : Document with { Hubs = new Dictionary<string, IReadOnlyList<ServicePolicy>>(Document.Hubs, StringComparer.Ordinal) { [scope.Hub] = policies } });

    /// <summary>Reads the file.</summary>
    public static ServicePolicies Read(string path)
    {
        try
        {
            var document = JsonSerializer.Deserialize(File.ReadAllBytes(path), InstanceJson.Default.ServicePoliciesDocument)
                ?? throw new JsonException("It is empty.");
            var every = document.Hubs.Values.SelectMany(policies => policies).Concat(document.Provisioning);
            return every.SelectMany(policy => (string[])[policy.PrimaryKey, policy.SecondaryKey]).All(IsKey)
                ? new ServicePolicies(document)
                : throw new JsonException($"A key is not base64 of at least {ShortestKey} bytes.");
        }
        catch (JsonException exception)
        {
            throw new OperatorException($"{path} cannot be read: {exception.Message} Mend it, or restore it from a backup.", exception);
        }
    }

    /// <summary>Reads the file, and makes it or adds the keys of hubs it does not know.</summary>
    public static ServicePolicies Complete(string path, IEnumerable<string> hubNames)
    {
        var stored = File.Exists(path) ? Read(path).Document : null;
        var hubs = stored?.Hubs.ToDictionary(StringComparer.Ordinal) ?? new(StringComparer.Ordinal);
        var missing = hubNames.Where(name => !hubs.ContainsKey(name)).ToList();
        missing.ForEach(name => hubs.Add(name, Fresh(HubNames)));
        var policies = new ServicePolicies(new ServicePoliciesDocument { Provisioning = stored?.Provisioning ?? Fresh(ProvisioningNames), Hubs = hubs });
        if (stored is null || missing.Count > 0)
        {
            policies.Write(path);
        }

        return policies;
    }

    public void Write(string path) =>
        AtomicFile.WriteSecret(path, JsonSerializer.SerializeToUtf8Bytes(Document, InstanceJson.Default.ServicePoliciesDocument));

    /// <summary>A key that nobody knows yet.</summary>
    public static string FreshKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static bool IsKey(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && length >= ShortestKey;
    }

    private static ServicePolicy[] Fresh((string Name, ServiceRights Rights)[] names) =>
    [
        .. names.Select(policy => new ServicePolicy
        {
            Name = policy.Name,
            Rights = policy.Rights,
            PrimaryKey = FreshKey(),
            SecondaryKey = FreshKey(),
        }),
    ];
}
