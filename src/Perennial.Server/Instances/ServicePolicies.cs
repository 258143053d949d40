using System.Security.Cryptography;
using System.Text.Json;

namespace Perennial.Server.Instances;

/// <summary>The policies of an instance, kept in its data folder.</summary>
internal sealed class ServicePolicies
{
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

    public IReadOnlyList<ServicePolicy> OfHub(string hubName) => Document.Hubs[hubName];

    /// <summary>Reads the file.</summary>
    public static ServicePolicies Read(string path) =>
        new(JsonSerializer.Deserialize(File.ReadAllBytes(path), InstanceJson.Default.ServicePoliciesDocument)!);

    /// <summary>Reads the file, and makes it or adds the keys of hubs it does not know.</summary>
    public static ServicePolicies Complete(string path, IEnumerable<string> hubNames)
    {
        var stored = File.Exists(path) ? Read(path).Document : null;
        var hubs = stored?.Hubs.ToDictionary(StringComparer.Ordinal) ?? new(StringComparer.Ordinal);
        var missing = hubNames.Where(name => !hubs.ContainsKey(name)).ToList();
        missing.ForEach(name => hubs.Add(name, Fresh(HubNames)));
        var document = new ServicePoliciesDocument { Provisioning = stored?.Provisioning ?? Fresh(ProvisioningNames), Hubs = hubs };
        if (stored is null || missing.Count > 0)
        {
            AtomicFile.WriteSecret(path, JsonSerializer.SerializeToUtf8Bytes(document, InstanceJson.Default.ServicePoliciesDocument));
        }

        return new ServicePolicies(document);
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

    private static string FreshKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
