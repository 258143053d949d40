namespace Perennial.Provisioning.Blocks;

/// <summary>Which devices of a drain have their turn first.</summary>
public enum DrainOrder
{
    /// <summary>Those that were seen last: they are in service, and miss it.</summary>
    LastSeen,

    /// <summary>Those whose leaf would have lasted longest: what was stolen of them is of use for longest.</summary>
    LongestValid,
}
