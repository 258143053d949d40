namespace Perennial.Provisioning;

/// <summary>A write that a storage adapter has prepared and that is done in the transaction of the registration it belongs to.</summary>
[SuppressMessage("Design", "CA1040:Avoid empty interfaces", Justification = "Opaque outside the storage adapter that made it.")]
public interface IPendingWrite;
