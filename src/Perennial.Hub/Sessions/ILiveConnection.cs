using Perennial.Hub.Twins;

namespace Perennial.Hub.Sessions;

/// <summary>A device's connection as the hub reaches it, whatever the protocol.</summary>
public interface ILiveConnection
{
    /// <summary>Ends the connection without waiting for it.</summary>
    void Close(CloseReason reason);

    /// <summary>Tells the device of a stored change to its desired properties, when it asked for them. Called in ascending version.</summary>
    void DesiredChanged(DesiredNotice notice);

    /// <summary>Tells the connection that its device's queue holds messages to deliver. Returns at once; calls may be more than messages.</summary>
    void MessagesWaiting();
}
