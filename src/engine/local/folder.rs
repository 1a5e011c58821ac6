//! The folder of an index as Tantivy sees it: whoever may read its files may ask it.
//!
//! Everything is passed on to Tantivy's own directory but for two things. A reader that may not write the lock file shares
//! a lock on it, or has none where there is no such file; and files that are replaced as a whole are as readable as the
//! others. Never changes what is written.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::directory::error::{DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, Lock, META_LOCK, MmapDirectory, WatchCallback, WatchHandle,
    WritePtr,
};

/// A folder that holds the files of an index.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    inner: MmapDirectory,
    path: PathBuf,
}

impl Folder {
    /// Opens a folder that exists.
    pub(super) fn open(path: &Path) -> Result<Folder, OpenDirectoryError> {
        Ok(Folder { inner: MmapDirectory::open(path)?, path: path.to_path_buf() })
    }

    /// What keeps a writer from clearing files away while they are opened, for those who may not write.
    fn shared_lock(&self, lock: &Lock) -> DirectoryLock {
        let held = File::open(self.path.join(&lock.filepath)).ok().filter(|file| file.lock_shared().is_ok());
        DirectoryLock::from(Box::new(held))
    }
}

impl Directory for Folder {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.inner.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.inner.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.inner.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        let whole = self.path.join(path);
        let fresh = whole.with_extension("new");
        let write = || {
            let mut file = File::create(&fresh)?;
            file.write_all(data)?;
            file.sync_data()?;
            fs::rename(&fresh, &whole)
        };
        write().inspect_err(|_| drop(fs::remove_file(&fresh)))
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.inner.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        match self.inner.acquire_lock(lock) {
            Err(LockError::IoError(error)) if lock.filepath == META_LOCK.filepath && is_refused(&error) => {
                Ok(self.shared_lock(lock))
            }
            acquired => acquired,
        }
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }
}

fn is_refused(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem)
}
