namespace Perennial.Agent.Keys.Pkcs11;

/// <summary>The return values of PKCS#11 v2.40 that are told apart.</summary>
internal enum Pkcs11Return : ulong
{
    Ok = 0,
    DeviceMemory = 0x31,
    DeviceRemoved = 0x32,
    PinIncorrect = 0xA0,
    PinLocked = 0xA4,
    TokenNotPresent = 0xE0,
    TokenWriteProtected = 0xE2,
    UserAlreadyLoggedIn = 0x100,
    AlreadyInitialized = 0x191,
}
