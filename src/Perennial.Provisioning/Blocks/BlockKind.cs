namespace Perennial.Provisioning.Blocks;

/// <summary>What is blocked.</summary>
public enum BlockKind
{
    /// <summary>One certificate of a device, by thumbprint.</summary>
    Certificate,

    /// <summary>An authority: what its key signed for devices, and every path through it.</summary>
    Issuer,

    /// <summary>A device, whatever it comes with.</summary>
    Device,

    /// <summary>An enrollment group: every device that it would take, and every one that registered through it.</summary>
    Group,
}
