namespace Perennial.Hub.Access;

/// <summary>A named pair of keys and what their holders may do.</summary>
public sealed class AccessPolicy(string name, ReadOnlyMemory<byte> primaryKey, ReadOnlyMemory<byte> secondaryKey, HubPermissions permissions)
{
    public string Name { get; } = name;

    public ReadOnlyMemory<byte> PrimaryKey { get; } = primaryKey;

    public ReadOnlyMemory<byte> SecondaryKey { get; } = secondaryKey;

    public HubPermissions Permissions { get; } = permissions;

    /// <summary>The name only: keys stay out of logs.</summary>
    public override string ToString() => Name;
}
