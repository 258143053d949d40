namespace Perennial.Server.Instances;

/// <summary>The file <c>service-policies.json</c>: the keys of services. Readable by its owner alone.</summary>
internal sealed record ServicePoliciesDocument
{
    public required IReadOnlyList<ServicePolicy> Provisioning { get; init; }

    /// <summary>By hub name.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<ServicePolicy>> Hubs { get; init; }
}
