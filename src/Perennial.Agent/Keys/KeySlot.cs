namespace Perennial.Agent.Keys;

/// <summary>The two places for keys: one for the certificate in use, one for the next.</summary>
internal enum KeySlot
{
    A,
    B,
}
