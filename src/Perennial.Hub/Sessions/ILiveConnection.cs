using Perennial.Hub.Twins;

namespace Perennial.Hub.Sessions;

/// <summary>A device's connection as the hub reaches it, whatever the protocol.</summary>
public interface ILiveConnection
{
    /// <summary>Whether the device takes method calls now. Once it turns true, the transport tells <c>InvokeMethod.NoteReady</c>.</summary>
    bool TakesMethods { get; }

    /// <summary>Ends the connection without waiting for it.</summary>
    void Close(CloseReason reason);

    /// <summary>Tells the device of a stored change to its desired properties, when it asked for them. Called in ascending version.</summary>
    void DesiredChanged(DesiredNotice notice);

    /// <summary>Tells the connection that its device's queue holds messages to deliver. Returns at once; calls may be more than messages.</summary>
    void MessagesWaiting();

    /// <summary>
    /// Hands a method call to the device without waiting for it. The transport brings the answer to <c>InvokeMethod.Answer</c>;
    /// a call that cannot be handed over is passed over.
    /// </summary>
    void Call(MethodCall call);
}
