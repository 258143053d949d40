namespace Perennial.Authority.Keys;

/// <summary>A key cannot be used at this moment; nothing else is used in its stead. What was asked may be asked again later.</summary>
public sealed class KeyUnavailableException : Exception
{
    /// <summary>Says why.</summary>
    /// <param name="state">Why.</param>
    /// <param name="message">The key and the remedy; never a PIN, a passphrase or a part of the key.</param>
    /// <param name="innerException">What was thrown below.</param>
    public KeyUnavailableException(KeyState state, string message, Exception? innerException = null)
        : base(message, innerException) => State = state;

    /// <summary>Why.</summary>
    public KeyState State { get; }
}
