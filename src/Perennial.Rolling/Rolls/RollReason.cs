namespace Perennial.Rolling.Rolls;

/// <summary>Why there is a roll.</summary>
public enum RollReason
{
    Expiration,
    Breach,
    Policy,
}
