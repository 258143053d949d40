using System.Security.Cryptography;

namespace Perennial.Agent.Keys;

/// <summary>Where private keys are made and stay: files, or a token behind PKCS#11.</summary>
internal interface IKeyStore
{
    /// <summary>Counts the places for keys before a roll starts.</summary>
    /// <exception cref="AgentException">There is no room for the second key, or a place holds what the agent did not make.</exception>
    void CheckRoom();

    /// <summary>Makes a key in a place; what was there is destroyed. The key lasts when this returns.</summary>
    void Make(KeySlot slot);

    /// <summary>The key in a place, ready to sign; null when there is none.</summary>
    AsymmetricAlgorithm? Open(KeySlot slot);

    /// <summary>What programs get that use the key: the key as PEM, or the address of the key in its token.</summary>
    byte[] Publish(KeySlot slot);
}
