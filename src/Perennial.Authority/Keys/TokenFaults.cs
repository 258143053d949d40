using Net.Pkcs11Interop.Common;

namespace Perennial.Authority.Keys;

/// <summary>Turns what a token answers into the state of its key.</summary>
internal static class TokenFaults
{
    private static readonly HashSet<CKR> LockedAnswers =
    [
        CKR.CKR_PIN_INCORRECT, CKR.CKR_PIN_INVALID, CKR.CKR_PIN_LEN_RANGE, CKR.CKR_PIN_LOCKED, CKR.CKR_PIN_EXPIRED, CKR.CKR_USER_PIN_NOT_INITIALIZED,
        CKR.CKR_USER_NOT_LOGGED_IN,
    ];

    private static readonly HashSet<CKR> LostAnswers =
    [
        CKR.CKR_TOKEN_NOT_PRESENT, CKR.CKR_TOKEN_NOT_RECOGNIZED, CKR.CKR_DEVICE_REMOVED, CKR.CKR_SLOT_ID_INVALID, CKR.CKR_SESSION_HANDLE_INVALID,
        CKR.CKR_SESSION_CLOSED, CKR.CKR_OBJECT_HANDLE_INVALID, CKR.CKR_KEY_HANDLE_INVALID, CKR.CKR_CRYPTOKI_NOT_INITIALIZED,
    ];

    /// <summary>Whether the PIN was tried and found wrong: trying it again may lock the token for good.</summary>
    internal static bool IsWrongPin(CKR answer) => LockedAnswers.Contains(answer) && answer != CKR.CKR_USER_NOT_LOGGED_IN;

    internal static KeyUnavailableException Of(string token, Exception fault) => fault is Pkcs11Exception answer
        ? new(StateOf(answer.RV), $"Token {token} answers {answer.RV} to {answer.Method}.{RemedyOf(answer.RV)}", fault)
        : new(KeyState.Lost, $"Token {token} cannot be used: {fault.Message} Look at its module.", fault);

    private static KeyState StateOf(CKR answer) =>
        LockedAnswers.Contains(answer) ? KeyState.Locked : LostAnswers.Contains(answer) ? KeyState.Lost : KeyState.Failing;

    private static string RemedyOf(CKR answer) => StateOf(answer) switch
    {
        KeyState.Locked => " Put the right PIN into the file of pin-source; a locked token is unlocked by its security officer.",
        KeyState.Lost => " Put the token back.",
        _ => " Look at the token.",
    };
}
