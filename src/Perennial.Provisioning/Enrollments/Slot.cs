namespace Perennial.Provisioning.Enrollments;

/// <summary>One of the two certificates of an enrollment. Both are of equal rank; neither is promoted by itself.</summary>
public enum Slot
{
    Primary,
    Secondary,
}
