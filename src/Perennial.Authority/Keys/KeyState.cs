namespace Perennial.Authority.Keys;

/// <summary>Why a key cannot be used at this moment.</summary>
public enum KeyState
{
    /// <summary>The file, the token or the key on it is not there.</summary>
    Lost,

    /// <summary>The token or the file does not open: the PIN or the passphrase is wrong, or the token has locked itself.</summary>
    Locked,

    /// <summary>The token did not answer in time.</summary>
    Slow,

    /// <summary>The token answers with a failure of its own.</summary>
    Failing,
}
