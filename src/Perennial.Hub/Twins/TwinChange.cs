namespace Perennial.Hub.Twins;

/// <summary>What a change makes of a twin.</summary>
public abstract record TwinChange
{
    private TwinChange()
    {
    }

    /// <param name="Next">The twin after the change.</param>
    /// <param name="Notice">What the device is told, when its desired properties changed.</param>
    public sealed record Changed(Twin Next, DesiredNotice? Notice) : TwinChange;

    public sealed record Refused(TwinFault Fault) : TwinChange;
}
